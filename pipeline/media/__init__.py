"""The only door to ffmpeg and PyAV."""
