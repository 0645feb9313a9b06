"""The sandbox as a stranger meets it: curl on the command line, and the loop that a page's sample would show."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from builders_sandbox import CHECK, CLIP, GENERATE, a_sandbox, a_shot, footage

from pipeline.sandbox import SandboxConfig, serve

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")


def curl(*args: str) -> str:
    command = ["curl", "--silent", "--noproxy", "*", "--max-time", "20", *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def post(url: str, body: dict[str, Any]) -> Any:
    headers = ("-H", "Content-Type: application/json", "-H", "Authorization: Bearer sbx_test")
    return json.loads(curl("-X", "POST", url, *headers, "-d", json.dumps(body)))


@needs_curl
def test_curl_gets_a_clip(tmp_path: Path) -> None:
    """Order, ask, download in two parts, byte for byte."""
    with a_sandbox(tmp_path) as sandbox:
        order = post(sandbox.url + GENERATE, {"shots": [a_shot("shot-1")]})
        assert (order["status"], order["creditsUsed"]) == ("processing", 10)
        asked = {"taskIds": [{"shotId": "shot-1", "taskId": order["shots"][0]["taskId"]}], "resolution": "720p"}
        while post(sandbox.url + CHECK, asked)["status"] == "processing":
            sandbox.clock.advance(60)
        url = post(sandbox.url + CHECK, asked)["shots"][0]["videoUrl"]
        clip = tmp_path / "shot-1.mp4"
        clip.write_bytes(CLIP[:4000])
        curl(url, "--continue-at", "-", "--output", str(clip))
        assert clip.read_bytes() == CLIP


@needs_curl
def test_curl_without_a_key_is_told_to_log_in(tmp_path: Path) -> None:
    """The status and the code of the contract."""
    with a_sandbox(tmp_path) as sandbox:
        said = curl("-X", "POST", sandbox.url + GENERATE, "-d", "{}", "--write-out", " %{http_code}")
        assert said == '{"error":"Login required","errorCode":"LOGIN_REQUIRED"} 401'


def test_a_polling_loop_comes_to_its_clip(tmp_path: Path) -> None:
    """Order, then ask again and again in real time until the word is no longer `processing`; at speed 600."""
    headers = {"Authorization": "Bearer sbx_test"}
    config = SandboxConfig(state_dir=tmp_path / "state", speed=600, footage_dir=footage(tmp_path), calls_per_hour=1000)
    with serve(config) as url, httpx.Client(base_url=url, headers=headers, trust_env=False) as http:
        order = http.post(GENERATE, json={"shots": [a_shot("shot-1"), a_shot("shot-2")]}).json()
        tasks = [{"shotId": shot["shotId"], "taskId": shot["taskId"]} for shot in order["shots"]]
        answer = order
        while answer["status"] == "processing":
            time.sleep(0.05)
            answer = http.post(CHECK, json={"taskIds": tasks}).json()
        assert answer["status"] == "completed"
        assert [http.get(shot["videoUrl"]).content for shot in answer["shots"]] == [CLIP, CLIP]
