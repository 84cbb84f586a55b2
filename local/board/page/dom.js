// Making elements.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] of the element; `class`, `role` and `aria-*`, `data-*` as attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name === "class" || name === "role" || name.includes("-")) made.setAttribute(name, value);
    else /** @type {any} */ (made)[name] = value;
  made.append(...children);
  return made;
}

/** @param {string} id @returns {any} the element of index.html */
export const at = (id) => document.getElementById(id);
