// The page works without this file. It keeps open what the reader has opened when htmx brings
// fresh numbers, asks for none while nobody looks, and says when the site cannot be reached.

const openOnes = new Set();

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "live" && document.hidden) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  openOnes.clear();
  for (const details of event.target.querySelectorAll("details[id]")) {
    openOnes.add(`${details.id} ${details.open}`);
  }
});

document.addEventListener("htmx:afterSwap", () => {
  document.getElementById("unreachable").hidden = true;
  for (const details of document.querySelectorAll("#live details[id]")) {
    if (openOnes.has(`${details.id} ${!details.open}`)) {
      details.open = !details.open;
    }
  }
});

document.addEventListener("htmx:sendError", () => {
  document.getElementById("unreachable").hidden = false;
});
