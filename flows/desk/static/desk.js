"use strict";
// Files are sent one by one as they are dropped, chosen or pasted; without this script the form sends them.
(function () {
  document.documentElement.classList.add("script");
  var form = document.querySelector("[data-drop]");
  if (!form) return;
  var key = document.body.dataset.key;
  var rows = document.querySelector("[data-new-files]");
  var problem = form.querySelector("[data-problem]");
  var bar = form.querySelector("[data-progress]");
  var queue = [], sending = 0, sent = 0, all = 0, AT_ONCE = 4;

  function say(text) {
    problem.textContent = (problem.textContent ? problem.textContent + " · " : "") + text;
    problem.hidden = false;
  }

  function add(file, path) {
    queue.push({ file: file, name: path || file.name });
    all += 1;
    send();
  }

  function send() {
    while (sending < AT_ONCE && queue.length) upload(queue.shift());
    bar.hidden = !sending;
    bar.max = Math.max(all, 1);
    bar.value = sent;
    if (!sending) { all = 0; sent = 0; }
  }

  function upload(one) {
    var request = new XMLHttpRequest();
    sending += 1;
    request.open("POST", (form.dataset.drop || "/tep/moi") + "?ten=" + encodeURIComponent(one.name));
    request.setRequestHeader("x-form-key", key);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.onloadend = function () {
      sending -= 1;
      sent += 1;
      if (request.status === 200) show(request.responseText);
      else if (request.status) say(request.responseText);
      else say(one.name + ": mất kết nối, tệp chưa được lưu; hãy gửi lại");
      send();
    };
    request.send(one.file);
  }

  function show(line) {
    var holder = document.createElement("template");
    holder.innerHTML = line.trim();
    var row = holder.content.firstElementChild;
    var same = document.getElementById(row.id);
    if (same) same.replaceWith(row); else rows.insertBefore(row, rows.firstChild);
    window.htmx.process(row);
  }

  // A dropped folder is walked; its files keep their path below it.
  function walk(entry, path) {
    if (entry.isFile) {
      entry.file(function (file) { add(file, path + file.name); }, function () { say(path + entry.name + ": không đọc được"); });
      return;
    }
    var reader = entry.createReader();
    (function more() {
      reader.readEntries(function (entries) {
        entries.forEach(function (one) { walk(one, path + entry.name + "/"); });
        if (entries.length) more();
      }, function () { say(path + entry.name + ": không đọc được"); });
    })();
  }

  function take(transfer) {
    problem.hidden = true;
    problem.textContent = "";
    var items = Array.prototype.slice.call(transfer.items || []);
    var entries = items.map(function (item) { return item.webkitGetAsEntry && item.webkitGetAsEntry(); }).filter(Boolean);
    if (entries.length) entries.forEach(function (entry) { walk(entry, ""); });
    else Array.prototype.forEach.call(transfer.files, function (file) { add(file); });
  }

  ["dragenter", "dragover"].forEach(function (name) {
    document.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("over"); });
  });
  document.addEventListener("dragleave", function () { form.classList.remove("over"); });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    form.classList.remove("over");
    take(event.dataTransfer);
  });
  document.addEventListener("paste", function (event) {
    if (!event.clipboardData || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.clipboardData.files.length) take(event.clipboardData);
    else { problem.textContent = ""; say("Chỉ dán được tệp: hãy lưu nội dung thành tệp Word rồi gửi"); }
  });
  form.querySelector("input[type=file]").addEventListener("change", function (event) {
    take({ files: event.target.files });
    event.target.value = "";
  });
})();
