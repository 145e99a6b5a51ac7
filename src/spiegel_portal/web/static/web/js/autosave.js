/* Autosave for the form #writing: what is typed goes to the server in small saves.

   Until the server confirmed it, a copy stays on this device and is sent again: after a lost
   connection, a crash, or a log-in that ran out. A page has a name (its client), so that the server
   knows its own earlier text from another device's. On a conflict both texts are shown. */
(() => {
  "use strict";
  const form = document.getElementById("writing");
  if (!form) return;
  const words = form.dataset;
  const line = document.querySelector(".savestate");
  const live = document.getElementById("save-live");
  const client = form.elements.client.value;
  const prefix = `spiegel:${words.saveUrl}:`;
  const dirty = new Set();
  const refused = new Set();
  const settles = new Map();
  const panels = new Map();
  let version = Number(form.elements.base_version.value);
  let timer = 0;
  let tries = 0;
  let running = null;
  let leaving = false;

  const read = (name) => form.elements[name].value;
  const due = () => [...dirty].filter((name) => !refused.has(name));

  const token = () => {
    const found = document.cookie.match(/csrftoken=([^;]+)/);
    return found ? found[1] : form.elements.csrfmiddlewaretoken.value;
  };

  const show = (state, text, aloud = true) => {
    line.dataset.state = state;
    if (line.textContent !== text) line.textContent = text;
    if (aloud && live.textContent !== text) live.textContent = text;
    if (state === "login") addLink(words.loginUrl, words.loginLink).target = "_blank";
    if (state === "conflict") addLink(`#field-${[...panels.keys()][0]}`, words.conflictLink);
  };

  const addLink = (href, textContent) => {
    const link = Object.assign(document.createElement("a"), { href, textContent });
    line.append(" ", link);
    return link;
  };

  const showSaved = () => {
    const now = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const at = new Date().toLocaleTimeString(document.documentElement.lang, now);
    show("saved", `${words.saved} ${at}`);
  };

  const keep = () => {
    const texts = Object.fromEntries([...dirty].map((name) => [name, read(name)]));
    try {
      if (dirty.size) localStorage.setItem(prefix + client, JSON.stringify({ client, version, texts }));
      else localStorage.removeItem(prefix + client);
    } catch (error) {
      /* No room or no permission on this device: the server still gets everything. */
    }
  };

  const post = async (body) => {
    const text = JSON.stringify(body);
    const answer = await fetch(words.saveUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      body: text, credentials: "same-origin", redirect: "manual", keepalive: text.length < 20000,
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("login");
    if (![200, 409, 422].includes(answer.status)) throw new Error("");
    const given = await answer.json();
    if (given.version) return given;
    throw new Error(given.refused[""]);
  };

  const write = (name, text) => {
    const field = form.elements[name];
    if (!field || field.value === text) return;
    field.value = text;
    if (field.tagName) grow(field);
  };

  const grow = (area) => {
    if (area.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };

  /* `other` is the text that is not in the field; `id` names where the server keeps it apart. */
  const showPanel = (name, other, id) => {
    if (panels.has(name)) panels.get(name).remove();
    const panel = document.getElementById("conflict-panel").content.firstElementChild.cloneNode(true);
    panel.querySelector("blockquote").textContent = other;
    panel.addEventListener("click", (event) => {
      const choice = event.target.dataset.keep;
      if (!choice) return;
      const mine = read(name);
      const theirs = panel.querySelector("blockquote").textContent;
      write(name, choice === "mine" ? mine : choice === "other" ? theirs : `${mine}\n\n${theirs}`);
      panel.remove();
      panels.delete(name);
      settles.set(name, id);
      form.elements[name].focus();
      changedHere(name);
    });
    panels.set(name, panel);
    document.getElementById(`field-${name}`).append(panel);
  };

  /* Take over what other devices changed; false when a field is being typed in here. */
  const adopt = (changed) => {
    let all = true;
    for (const [name, text] of Object.entries(changed || {})) {
      if (panels.has(name)) panels.get(name).querySelector("blockquote").textContent = text;
      else if (dirty.has(name)) all = false;
      else write(name, text);
    }
    return all;
  };

  const problems = (sent, wrong) => {
    for (const name of Object.keys(sent)) {
      const place = document.getElementById(`${name}-error`);
      const sentence = (wrong || {})[name] || "";
      if (sentence) refused.add(name);
      else refused.delete(name);
      if (!place) continue;
      place.textContent = sentence;
      place.hidden = !sentence;
    }
  };

  const took = (body, sent) => {
    tries = 0;
    problems(sent, body.refused);
    for (const name of Object.keys(sent)) {
      if (read(name) === sent[name] && !refused.has(name)) dirty.delete(name);
    }
    for (const each of body.conflicts || []) showPanel(each.field, each.kept, each.other);
    if (adopt(body.changed)) version = body.version;
    form.elements.base_version.value = version;
    const was = JSON.parse(form.elements.was.value);
    for (const name of Object.keys({ ...sent, ...body.changed })) delete was[name];
    form.elements.was.value = JSON.stringify(was);
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token(); });
    keep();
    if (due().length) schedule(300);
    else if (refused.size) show("unsaved", words.unsaved);
    else if (panels.size) show("conflict", words.conflict);
    else showSaved();
  };

  const send = async () => {
    const [settled] = settles.keys();
    const names = settled ? [settled] : due();
    if (!names.length) return;
    const texts = Object.fromEntries(names.map((name) => [name, read(name)]));
    const settle = settled && settles.get(settled);
    try {
      const body = await post({ client, base_version: version, texts, settle });
      if (settled) settles.delete(settled);
      took(body, texts);
    } catch (error) {
      tries += 1;
      schedule(Math.min(60000, 1000 * 2 ** tries));
      if (error.message === "login") show("login", words.login);
      else if (error.name === "TypeError") show("offline", words.offline);
      else show("unsaved", error.message || words.unsaved);
    }
  };

  const go = async () => {
    clearTimeout(timer);
    while (running) await running;
    running = send();
    await running;
    running = null;
  };

  const schedule = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(go, wait);
  };

  const changedHere = (name) => {
    dirty.add(name);
    refused.delete(name);
    keep();
    show("unsaved", words.unsaved, false);
    schedule(700);
  };

  const outline = (target) => {
    const section = target.closest("section.prompt");
    const entry = section && document.querySelector(`[data-outline="${section.id}"]`);
    if (!entry) return;
    const written = [...section.querySelectorAll("textarea")].some((area) => area.value.trim());
    entry.className = written ? "written" : "unwritten";
  };

  /* Copies that earlier pages on this device left behind: send them as those pages would have. */
  const restore = async (key) => {
    const copy = JSON.parse(localStorage.getItem(key));
    const names = Object.keys(copy.texts).filter((name) => form.elements[name]);
    if (names.some((name) => read(name) !== copy.texts[name])) {
      let body;
      try {
        body = await post({ client: copy.client, base_version: copy.version, texts: copy.texts });
      } catch (error) {
        setTimeout(restore, 5000, key);
        return;
      }
      const apart = new Map((body.conflicts || []).map((each) => [each.field, each.other]));
      for (const name of names) {
        if (apart.has(name)) showPanel(name, copy.texts[name], apart.get(name));
        else if (!dirty.has(name)) write(name, copy.texts[name]);
        if ((body.refused || {})[name]) dirty.add(name);
      }
      took({ ...body, conflicts: [] }, Object.fromEntries(names.map((name) => [name, copy.texts[name]])));
      show(panels.size ? "conflict" : "saved", panels.size ? words.conflict : words.restored);
    }
    localStorage.removeItem(key);
  };

  document.addEventListener("input", ({ target }) => {
    if (target.form !== form || !("autosave" in target.dataset)) return;
    const found = target.closest(".found");
    if (found) found.previousElementSibling.append(target.closest("label"));
    grow(target);
    outline(target);
    changedHere(target.name);
    if ("reload" in target.dataset) form.requestSubmit();
  });

  /* A button of the form: first everything is saved, then the form goes. */
  form.addEventListener("submit", async (event) => {
    if (leaving || !(dirty.size || running)) { leaving = true; return; }
    event.preventDefault();
    await go();
    if (dirty.size || panels.size) { line.scrollIntoView({ block: "center" }); return; }
    leaving = true;
    form.requestSubmit(event.submitter);
  });

  addEventListener("beforeunload", (event) => { if (dirty.size && !leaving) event.preventDefault(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", go);
  document.addEventListener("visibilitychange", () => { if (due().length) go(); });

  document.querySelectorAll("textarea[data-autosave]").forEach(grow);
  document.querySelectorAll(".savebar [value=save]").forEach((button) => { button.hidden = true; });
  const facts = document.querySelector("[data-facts]");
  if (facts && matchMedia("(min-width: 62rem)").matches) facts.open = true;
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(prefix) && key !== prefix + client).forEach(restore);
  } catch (error) {
    /* Nothing can be kept on this device, so nothing was. */
  }
})();
