// Light or dark: what the system says, until a person chose. Runs before the page is drawn, so that nothing flashes.

(() => {
  const KEY = "beacon-theme";
  const NEXT = { auto: "light", light: "dark", dark: "auto" };
  const root = document.documentElement;

  /** @param {string} theme `auto`, `light` or `dark` */
  function show(theme) {
    root.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button) button.textContent = `Theme: ${theme}`;
    window.dispatchEvent(new Event("theme"));
  }

  const kept = localStorage.getItem(KEY) ?? "auto";
  show(kept in NEXT ? kept : "auto");
  document.addEventListener("DOMContentLoaded", () => {
    show(root.dataset.theme ?? "auto");
    document.getElementById("theme")?.addEventListener("click", () => {
      const theme = NEXT[/** @type {keyof typeof NEXT} */ (root.dataset.theme)];
      localStorage.setItem(KEY, theme);
      show(theme);
    });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(root.dataset.theme ?? "auto"));
})();
