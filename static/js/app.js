/* What the pages do better with script; without it every link and button still works. */
"use strict";

/* A group that an address or a freshly opened form points into is shown open. */
function reveal(element) {
  const group = element && element.closest("details.group");
  if (group) group.open = true;
  if (element) element.scrollIntoView({ block: "nearest" });
}

function target() {
  return location.hash ? document.getElementById(location.hash.slice(1)) : null;
}

window.addEventListener("hashchange", () => reveal(target()));
reveal(target());

document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.matches(".edit")) reveal(event.detail.target);
});

/* A save that did not reach the server keeps the text where it is, and says so beside the buttons. */
function explain(event, words) {
  const form = event.detail.elt.closest("form");
  const place = form ? form.querySelector(".actions") : null;
  if (!place) {
    if (event.detail.elt.href) location.assign(event.detail.elt.href);
    return;
  }
  let notice = form.querySelector("[data-failed]");
  if (!notice) {
    notice = document.createElement("p");
    notice.className = "field-error";
    notice.dataset.failed = "";
    notice.setAttribute("role", "alert");
    place.before(notice);
  }
  notice.textContent = words;
}

document.body.addEventListener("htmx:responseError", (event) => {
  const ended = event.detail.xhr.status === 401;
  explain(event, ended
    ? "ยังไม่ได้บันทึก: หมดเวลาใช้งาน คัดลอกข้อความนี้ไว้ แล้วเข้าสู่ระบบอีกครั้ง"
    : "ยังไม่ได้บันทึก: ระบบขัดข้อง ข้อความยังอยู่ในช่อง ลองบันทึกอีกครั้ง");
});
document.body.addEventListener("htmx:sendError", (event) =>
  explain(event, "ยังไม่ได้บันทึก: ติดต่อระบบไม่ได้ ตรวจสัญญาณอินเทอร์เน็ต ข้อความยังอยู่ในช่อง แล้วลองบันทึกอีกครั้ง"));

/* Escape closes the phone menu. */
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? document.querySelector("details.menu[open]") : null;
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
