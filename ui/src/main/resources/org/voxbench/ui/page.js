// Keeps a page up to date, and its keys. The server draws; this only puts the newer part in place.
"use strict";
(() => {
  const zone = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const drawn = new Map();
  const lost = document.getElementById("connection");

  function localTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      time.textContent = zone.format(new Date(time.dateTime));
    }
  }

  function parts(root) {
    return [...root.querySelectorAll("[data-part]")];
  }

  function replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...old.querySelectorAll("details[open]")].map((one) => one.id);
    const scrolls = [...old.querySelectorAll("[tabindex='0']")].map((one) => [one.scrollLeft, one.scrollTop]);
    localTimes(fresh);
    old.replaceWith(fresh);
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    [...fresh.querySelectorAll("[tabindex='0']")].forEach((one, i) => {
      if (scrolls[i]) [one.scrollLeft, one.scrollTop] = scrolls[i];
    });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function selecting(part) {
    const selection = document.getSelection();
    return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  }

  async function refresh() {
    const answer = await fetch(location.origin + location.pathname + location.search, { cache: "no-cache", credentials: "same-origin" });
    if (answer.status === 404) {
      lost.textContent = "This run is no longer there";
      document.body.dataset.refresh = "";
      return;
    }
    if (!answer.ok) throw new Error("status " + answer.status);
    lost.textContent = "";
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (document.title !== next.title) {
      document.title = next.title;
      document.getElementById("said").textContent = next.title;
    }
    let changed = false;
    for (const fresh of parts(next)) {
      const old = document.getElementById(fresh.id);
      const markup = fresh.outerHTML;
      if (old && drawn.get(fresh.id) !== markup && !selecting(old)) {
        drawn.set(fresh.id, markup);
        replace(old, document.importNode(fresh, true));
        changed = true;
      }
    }
    // The first run turns an empty page into a list: other parts, so load it anew.
    if (parts(next).length !== parts(document).length) location.reload();
    document.body.dataset.refresh = next.body.dataset.refresh ?? "";
    document.dispatchEvent(new CustomEvent("refreshed", { detail: { changed, last: !document.body.dataset.refresh } }));
  }

  async function loop() {
    const millis = Number(document.body.dataset.refresh);
    if (!millis) return;
    await new Promise((done) => setTimeout(done, millis));
    if (!document.hidden) {
      try {
        await refresh();
      } catch {
        lost.textContent = "Connection to the dashboard lost; trying again";
      }
    }
    loop();
  }

  function flipTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    document.dispatchEvent(new Event("theme"));
  }

  function move(by) {
    const runs = [...document.querySelectorAll("a.run")];
    const at = runs.indexOf(document.activeElement);
    const to = at < 0 ? (by > 0 ? 0 : runs.length - 1) : at + by;
    runs[Math.max(0, Math.min(runs.length - 1, to))]?.focus();
  }

  // A click on a heading of the score table puts the worst cases first, a second one the best.
  function sort(button) {
    const heading = button.closest("th");
    const table = heading.closest("table");
    const column = heading.cellIndex;
    const worst = heading.dataset.order !== "worst";
    const upwards = (table.dataset.better === "higher") === worst;
    const figure = (row) => Number(row.cells[column].dataset.value ?? NaN);
    const rows = [...table.querySelectorAll("tbody.cases tr")];
    rows.sort((a, b) => {
      const [x, y] = [figure(a), figure(b)];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return upwards ? x - y : y - x;
    });
    for (const other of heading.parentElement.cells) {
      other.removeAttribute("aria-sort");
      delete other.dataset.order;
    }
    heading.setAttribute("aria-sort", upwards ? "ascending" : "descending");
    heading.dataset.order = worst ? "worst" : "best";
    table.querySelector("tbody.cases").append(...rows);
  }

  const keys = {
    "/": () => document.getElementById("search")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    u: () => document.getElementById("up")?.click(),
    t: flipTheme,
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape" && typing) event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  document.addEventListener("click", (event) => {
    const heading = event.target.closest("th button");
    if (heading) sort(heading);
  });

  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    const word = copy.querySelector("span");
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      word.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(copy.parentElement.querySelector("code"));
      document.getSelection().removeAllRanges();
      document.getSelection().addRange(range);
      word.textContent = "Selected";
    }
    setTimeout(() => (word.textContent = "Copy"), 1500);
  });

  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", flipTheme);
  parts(document).forEach((part) => drawn.set(part.id, part.outerHTML));
  localTimes(document);
  loop();
})();
