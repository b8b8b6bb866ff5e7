// What the other parts of the script share. The page is whole without it; what a unit wrote is only ever set as text.
const sources = JSON.parse(document.getElementById("nguon").textContent);
const table = document.getElementById("bang-don-vi");
const rows = Array.from(table.tBodies[0].rows);
const rowOf = new Map(rows.map((row) => [row.id.slice(2), row]));

/** An element with its properties and children; null children are left out. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Text as it is compared: no accents, lower case. */
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
}

/** A whole number with a dot between thousands. */
function counted(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ".");
}

function nameOf(unit) {
  return rowOf.get(unit).cells[0].textContent;
}
