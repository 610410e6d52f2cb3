// The page works without this file. It spares a non-smoker one field, and says when a result is
// no longer that of the form and when the site cannot be reached; htmx does the rest.

document.addEventListener("change", (event) => {
  const choice = event.target;
  if (choice.name !== "CURRENT_SMOKER") {
    return;
  }
  const cigarettes = choice.form.elements.CIGS_PER_DAY;
  if (choice.value === "0" && cigarettes.value === "") {
    cigarettes.value = "0";
  } else if (choice.value === "1" && cigarettes.value === "0") {
    cigarettes.value = "";
  }
});

document.addEventListener("input", () => {
  const outdated = document.getElementById("outdated");
  if (outdated) {
    outdated.hidden = false;
  }
});

document.addEventListener("htmx:sendError", () => {
  const message = document.getElementById("unreachable").content.cloneNode(true);
  document.getElementById("result").replaceChildren(message);
});
