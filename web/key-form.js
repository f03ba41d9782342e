// @ts-check
// Asks for an access key when the server wants one.

import { storeKey } from "./key.js";

/**
 * @param {HTMLFormElement} form
 * @param {() => void} onKey
 */
export function createKeyForm(form, onKey) {
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  const title = /** @type {HTMLElement} */ (form.querySelector("h2"));
  const detail = /** @type {HTMLElement} */ (form.querySelector("p"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const key = input.value.trim();
    if (!key) return;
    storeKey(key);
    form.hidden = true;
    onKey();
  });
  return {
    /** @param {{ title: string, detail: string }} problem */
    show(problem) {
      title.textContent = problem.title;
      detail.textContent = problem.detail || "Enter a key that may read live positions.";
      form.hidden = false;
      input.value = "";
      input.focus();
    },
    hide() {
      form.hidden = true;
    },
  };
}
