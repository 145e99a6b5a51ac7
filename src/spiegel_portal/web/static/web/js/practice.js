/* Practice by keyboard: 1 to 4 grade a card, Ctrl+Enter shows the lesson. Everything works without. */
(() => {
  "use strict";
  const writing = (target) => target instanceof HTMLElement && target.matches("input, textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (event.key === "Enter" && event.ctrlKey) {
      const field = event.target;
      if (field instanceof HTMLElement && field.matches("[data-submit-on-enter]")) field.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || writing(event.target)) return;
    const grade = document.querySelector(`.grades [data-key="${CSS.escape(event.key)}"]`);
    if (grade) grade.click();
  });
})();
