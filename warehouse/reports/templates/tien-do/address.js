// What is shown is written in the address after #, so that a link shows the same: search, filters, order, what is open.
const KEPT = { text: "tim", state: "tinh-trang", type: "loai", order: "sap", unit: "don-vi", figure: "so" };
const NOTHING = { text: "", state: "", type: "", order: "", unit: "", figure: "" };
let shown = { ...NOTHING };

/** The state in the address; null where the address names a place of the page. */
function readAddress() {
  const hash = location.hash.slice(1);
  if (hash && !hash.includes("=")) return null;
  const values = new URLSearchParams(hash);
  const state = Object.fromEntries(Object.entries(KEPT).map(([key, word]) => [key, values.get(word) || ""]));
  if (!rowOf.has(state.unit)) state.unit = "";
  if (!figureOf(state.figure, state.unit)) state.figure = "";
  return state;
}

/** The address of what is shown with these changes. */
function addressOf(changes) {
  const values = new URLSearchParams();
  const state = { ...shown, ...changes };
  for (const [key, word] of Object.entries(KEPT)) if (state[key]) values.set(word, state[key]);
  return "#" + values;
}

/** Shows the page with these changes. What opens is a step that the browser's back button undoes. */
function show(changes, step) {
  history[step ? "pushState" : "replaceState"](null, "", addressOf(changes));
  render();
}

function followAddress() {
  const state = readAddress();
  if (state) return render();
  const target = document.querySelector(":target");
  const details = target && target.closest("details");
  if (details && !details.open) {
    details.open = true;
    target.scrollIntoView();
  }
}

function render() {
  shown = readAddress() || shown;
  renderUnits();
  renderDialog();
}
