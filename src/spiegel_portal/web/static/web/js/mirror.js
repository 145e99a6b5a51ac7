/* Live marking: a textarea with data-mirror-url shows the mirror's marks in data-mirror-target.

   Without this script the same form can be sent the ordinary way. Answers are kept per text while
   the page is open, an earlier request is given up when the text changed, and nothing is stored. */
(() => {
  "use strict";
  const WAIT = 350;
  const PAUSE = 1200;
  const KEEP = 40;
  const answers = new Map();

  const post = (url, body, signal) => {
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    const headers = { "X-CSRFToken": field ? field.value : "", "X-Requested-With": "fetch" };
    return fetch(url, { method: "POST", headers, body, signal, credentials: "same-origin" });
  };

  const remember = (key, html) => {
    if (answers.size >= KEEP) answers.delete(answers.keys().next().value);
    answers.set(key, html);
  };

  /* A place beside the marks that is there from the start, so that a screen reader hears changes:
     how many sentences are marked, not the marks themselves. */
  const announcer = (target) => {
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    target.after(status);
    return (words) => {
      if (status.textContent !== words) status.textContent = words;
    };
  };

  const watch = (area) => {
    const target = document.getElementById(area.dataset.mirrorTarget);
    if (!target) return;
    const announce = announcer(target);
    let timer = 0;
    let running = null;
    let shown = null;
    let closely = false; /* whether the marks that are shown are the language model's */

    const show = (html, aloud = true) => {
      if (shown === html) return;
      shown = html;
      target.innerHTML = html;
      const summary = target.querySelector("[data-summary]");
      if (aloud) announce(summary ? summary.textContent : "");
    };

    const place = () => area.dataset.mirrorUrl + " " + area.value;

    const look = async (aloud, closer = false) => {
      const key = place();
      if (running) running.abort();
      if (!area.value.trim()) return show("", aloud);
      const known = ["closer " + key, ...(closer ? [] : [key])].find((name) => answers.has(name));
      closely = closer || (known || "").startsWith("closer ");
      if (known) return show(answers.get(known), aloud);
      running = new AbortController();
      try {
        const body = new URLSearchParams({ text: area.value });
        if (closer) body.set("closer", "1");
        const answer = await post(area.dataset.mirrorUrl, body, running.signal);
        if (answer.redirected) return; /* logged out: the page that comes is not marks */
        const html = (await answer.text()).trim();
        const more = answer.headers.has("X-Mirror-Closer");
        if (answer.ok && !more) remember(closer ? "closer " + key : key, html);
        if (answer.ok || (html && [422, 429].includes(answer.status))) show(html, aloud);
        /* The organisation's language model looks when somebody typed and stopped for longer. */
        if (more && aloud && key === place()) timer = setTimeout(() => look(true, true), PAUSE);
      } catch (error) {
        /* Offline, or given up for newer text: the marks stay as they were. */
      }
    };

    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look(true), WAIT);
    });
    target.addEventListener("mirror:again", () => {
      answers.clear();
      look(false, closely);
    });
    if (area.value.trim() && !target.innerHTML.trim()) look(false);
  };

  /* "Yes" stays with its mark, "not so" takes the mark away. */
  const settle = (form, answer) => {
    if (answer !== "yes") return form.closest(".ask").remove();
    form.querySelector("[data-said]").hidden = false;
    form.querySelector("[value=yes]").remove();
  };

  /* An answer: sent at once, the marks are asked for again, the focus stays near. */
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-mark-answer]");
    if (!form) return;
    event.preventDefault();
    const target = form.closest(".mirror");
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
    try {
      const answer = await post(form.action, body);
      if (!answer.ok) return;
    } catch (error) {
      return; /* Offline: the mark stays, to be answered later. */
    }
    settle(form, body.get("answer"));
    target.tabIndex = -1;
    target.focus();
    target.dispatchEvent(new Event("mirror:again"));
  });

  document.querySelectorAll("textarea[data-mirror-url]").forEach(watch);
})();
