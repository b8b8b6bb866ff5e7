// The table of units: searched, filtered and sorted.
const filters = document.getElementById("loc");
const headers = Array.from(table.tHead.rows[0].cells);
const collator = new Intl.Collator("vi");
let texts = null, ordered = "";

function renderUnits() {
  filters.elements.tim.value = shown.text;
  filters.elements["tinh-trang"].value = shown.state;
  filters.elements.loai.value = shown.type;
  texts = texts || rows.map((row) => plain(row.cells[0].textContent + " " + row.cells[3].textContent));
  const words = plain(shown.text).split(/\s+/);
  let left = 0;
  rows.forEach((row, n) => {
    const hit = (!shown.state || row.dataset.s === shown.state) && (!shown.type || row.dataset.t === shown.type) &&
      words.every((word) => texts[n].includes(word));
    row.hidden = !hit;
    left += hit;
  });
  const said = "Hiện " + counted(left) + " trên " + counted(rows.length) + " đơn vị";
  const output = document.getElementById("con-lai");
  if (output.value !== said) output.value = said;
  document.body.classList.toggle("filtered", left < rows.length);
  sortUnits();
}

/** What a cell is sorted by: a time, the first number of a column of numbers, else its text; "" comes last. */
function keyOf(cell) {
  const time = cell.querySelector("time"), text = cell.textContent.trim();
  if (time) return time.dateTime;
  return cell.classList.contains("n") && text ? Number(text.split("/")[0].replace(/\./g, "")) : text;
}

function sortUnits() {
  if (ordered === shown.order) return;
  const down = shown.order.startsWith("-"), column = headers.findIndex((h) => h.dataset.k === shown.order.replace("-", ""));
  const keyed = rows.map((row, n) => ({ row, n, key: column < 0 ? n : keyOf(row.cells[column]) }));
  keyed.sort((a, b) => {
    if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "") || a.n - b.n;
    const order = typeof a.key === "number" ? a.key - b.key : collator.compare(a.key, b.key);
    return (down ? -order : order) || a.n - b.n;
  });
  headers.forEach((header) => header.removeAttribute("aria-sort"));
  if (column >= 0) headers[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  table.tBodies[0].append(...keyed.map((item) => item.row));
  ordered = shown.order;
}

function startUnits() {
  headers.forEach((header) => {
    const button = make("button", { type: "button", textContent: header.textContent });
    const key = header.dataset.k;
    button.addEventListener("click", () => show({ order: shown.order === key ? "-" + key : key }));
    header.replaceChildren(button);
  });
  const changed = () => show({ text: filters.elements.tim.value, state: filters.elements["tinh-trang"].value,
                               type: filters.elements.loai.value });
  filters.addEventListener("input", changed);
  filters.addEventListener("reset", () => show({ text: "", state: "", type: "", order: "" }));
  filters.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("in-trang").addEventListener("click", () => window.print());
  filters.hidden = false;
}
