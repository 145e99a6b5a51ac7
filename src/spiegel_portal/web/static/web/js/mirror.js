/* Live marking: a textarea with data-mirror-url shows the mirror's marks in data-mirror-target.

   Without this script the same form can be sent the ordinary way. Answers are kept per text, an
   earlier request is given up when the text changed, and nothing is stored anywhere. */
(() => {
  "use strict";
  const WAIT = 350;
  const answers = new Map();

  const token = () => {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  };

  const show = (target, html) => {
    if (target.dataset.shown === html) return;
    target.dataset.shown = html;
    target.innerHTML = html;
    if (window.htmx) window.htmx.process(target);
  };

  const watch = (area) => {
    const target = document.getElementById(area.dataset.mirrorTarget);
    if (!target) return;
    let timer = 0;
    let running = null;

    const look = async () => {
      const text = area.value;
      if (running) running.abort();
      if (!text.trim()) return show(target, "");
      if (answers.has(area.dataset.mirrorUrl + text)) {
        return show(target, answers.get(area.dataset.mirrorUrl + text));
      }
      running = new AbortController();
      try {
        const answer = await fetch(area.dataset.mirrorUrl, {
          method: "POST",
          headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
          body: new URLSearchParams({ text }),
          signal: running.signal,
          credentials: "same-origin",
        });
        const html = await answer.text();
        if (answer.ok) answers.set(area.dataset.mirrorUrl + text, html);
        if (answer.ok || answer.status === 422 || answer.status === 429) show(target, html);
      } catch (error) {
        /* Offline, or given up for newer text: the marks stay as they were. */
      }
    };

    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, WAIT);
    });
    target.addEventListener("mirror:again", () => {
      answers.clear();
      look();
    });
    if (area.value.trim() && !target.innerHTML.trim()) look();
  };

  /* "Not so": sent at once, the mark goes, the focus stays near. */
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-mark-answer]");
    if (!form) return;
    event.preventDefault();
    const target = form.closest(".mirror");
    const item = form.closest("li");
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      body,
      credentials: "same-origin",
    });
    if (!answer.ok) return;
    item.remove();
    target.tabIndex = -1;
    target.focus();
    target.dispatchEvent(new Event("mirror:again"));
  });

  document.querySelectorAll("textarea[data-mirror-url]").forEach(watch);
})();
