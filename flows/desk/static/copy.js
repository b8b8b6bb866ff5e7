"use strict";
// A button with data-copy copies the text of the element that it names; one with data-print prints the page.
(function () {
  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  // Where the page is not served over TLS a browser has no clipboard for scripts: the selection is copied.
  function copySelected(element) {
    var range = document.createRange(), selection = window.getSelection();
    range.selectNodeContents(element);
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }

  each("[data-copy]", function (button) {
    var before = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      var source = document.getElementById(button.dataset.copy);
      function done(copied) {
        button.textContent = copied ? "Đã sao chép" : "Không sao chép được: chọn chữ rồi bấm Ctrl+C";
        window.setTimeout(function () { button.textContent = before; }, 3000);
      }
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(source.textContent).then(function () { done(true); }, function () { done(copySelected(source)); });
      } else done(copySelected(source));
    });
  });

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
