
// Filters and sorts the table of units; the page is whole without it.
(function () {
  "use strict";
  var table = document.getElementById("bang-don-vi"), body = table.tBodies[0], rows = Array.from(body.rows);
  var search = document.getElementById("tim"), state = document.getElementById("loc"), left = document.getElementById("con-lai");
  var plain = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
  };
  var texts = null;

  function filter() {
    texts = texts || rows.map(function (row) { return plain(row.cells[0].textContent + " " + row.cells[3].textContent); });
    var words = plain(search.value).split(/\s+/), shown = 0;
    rows.forEach(function (row, n) {
      var hit = (!state.value || row.dataset.s === state.value) &&
        words.every(function (word) { return texts[n].includes(word); });
      row.hidden = !hit;
      shown += hit;
    });
    left.value = "Hiện " + shown.toLocaleString("vi") + " trên " + rows.length.toLocaleString("vi") + " đơn vị";
  }

  function keyOf(cell) {
    var time = cell.querySelector("time"), text = cell.textContent.trim();
    if (time) return time.dateTime;
    return cell.className === "n" && text ? Number(text.replace(/\./g, "")) : text;
  }

  function sortBy(header, column) {
    var down = header.getAttribute("aria-sort") === "ascending", vietnamese = new Intl.Collator("vi");
    var keyed = rows.map(function (row, n) { return { row: row, key: keyOf(row.cells[column]), n: n }; });
    keyed.sort(function (a, b) {
      if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "") || a.n - b.n;
      var order = typeof a.key === "number" ? a.key - b.key : vietnamese.compare(a.key, b.key);
      return (down ? -order : order) || a.n - b.n;
    });
    Array.from(header.parentNode.cells).forEach(function (cell) { cell.removeAttribute("aria-sort"); });
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    keyed.forEach(function (item) { body.appendChild(item.row); });
  }

  function openTarget() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var details = target && target.closest("details");
    if (details && !details.open) { details.open = true; target.scrollIntoView(); }
  }

  Array.from(table.tHead.rows[0].cells).forEach(function (header, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    button.addEventListener("click", function () { sortBy(header, column); });
    header.replaceChildren(button);
  });
  document.querySelectorAll("a[data-show]").forEach(function (link) {
    link.addEventListener("click", function () { state.value = link.dataset.show; search.value = ""; filter(); });
  });
  search.addEventListener("input", filter);
  state.addEventListener("change", filter);
  window.addEventListener("hashchange", openTarget);
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (details) { details.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (details) { details.open = false; }); });
  document.querySelector(".tools").hidden = false;
  filter();
  openTarget();
})();
