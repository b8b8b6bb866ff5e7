// Makes names of units and numbers into links that open them, and shows what is in the address.
function startLinks() {
  rows.forEach((row) => row.cells[0].replaceChildren(opener(row.cells[0].textContent, { unit: row.id.slice(2), figure: "" })));
  document.querySelectorAll("[data-so]").forEach((number) => {
    const figure = number.dataset.so;
    const link = opener(number.textContent, { unit: "", figure });
    link.title = "Xem nguồn: " + sources.figures[figure].label;
    number.replaceChildren(link);
  });
  document.querySelectorAll(".whom a[href^='#u-'], a.tile").forEach((link) => {
    const unit = decodeURIComponent(link.hash.slice(3));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show({ unit, figure: "" }, true);
    });
  });
  document.querySelectorAll("a[data-show]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show({ ...NOTHING, state: link.dataset.show }, true);
      document.getElementById("don-vi").scrollIntoView();
      filters.elements["tinh-trang"].focus({ preventScroll: true });
    });
  });
}

startUnits();
startDialog();
startLinks();
window.addEventListener("hashchange", followAddress);
window.addEventListener("popstate", followAddress);
render();
followAddress();
