// Seeks the film to a shot, and shows where the film stands. Without it every link still leads to its shot's text.
const film = document.querySelector("video");
const playhead = document.querySelector(".playhead");
const shots = [...document.querySelectorAll(".item[data-frame]")];

document.addEventListener("click", (click) => {
  const link = click.target.closest("[data-seek]");
  if (!link || !film) return;
  click.preventDefault();
  film.currentTime = (Number(link.dataset.seek) + 0.5) / 24; // the middle of the frame: no rounding to the one before
  film.scrollIntoView({ block: "nearest" });
});

film?.addEventListener("timeupdate", () => {
  const frame = Math.floor(film.currentTime * 24);
  playhead?.setAttribute("x", `${(100 * film.currentTime) / film.duration || 0}%`);
  const shown = shots.findLast((shot) => Number(shot.dataset.frame) <= frame);
  for (const shot of shots) shot.toggleAttribute("data-shown", shot === shown);
});
