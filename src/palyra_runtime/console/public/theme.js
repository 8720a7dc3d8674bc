// Runs before the first paint, so that a chosen theme does not flash the other one.
(function () {
  try {
    const chosen = localStorage.getItem("palyra.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; then the system's theme it is.
  }
})();
