/* Runs the book's widgets in a published page: no kernel, no RequireJS, no CDN. A plain script, so that file:// works too.
 * It reads the widget JSON that MyST-NB wrote into the page, imports each widget's own module and calls its render(). */
(() => {
  "use strict";
  const here = document.currentScript.src;
  /** How a widget knows that it is in the book, and where plotly.js is. */
  globalThis.courseHost = Object.freeze({ book: true, plotlyUrl: new URL("plotly/plotly-basic.min.js", here).href });

  /** The part of a Jupyter widget model that an anywidget module uses; there is nobody to save to. */
  class Model {
    #state;
    #listeners = new Map();
    constructor(state) { this.#state = state; }
    get(key) { return this.#state[key]; }
    set(key, value) {
      if (typeof key === "object") return void Object.entries(key).forEach(([name, one]) => this.set(name, one));
      if (this.#state[key] === value) return;
      this.#state[key] = value;
      this.#emit(`change:${key}`, value);
      this.#emit("change");
    }
    save_changes() {}
    send() {}
    on(names, listener) {
      for (const name of names.split(" ")) {
        if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
        this.#listeners.get(name).add(listener);
      }
    }
    off(names, listener) {
      for (const name of names ? names.split(" ") : [...this.#listeners.keys()]) {
        if (listener) this.#listeners.get(name)?.delete(listener); else this.#listeners.delete(name);
      }
    }
    #emit(name, ...values) { for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(...values); }
  }

  const once = (make) => {
    const made = new Map();
    return (key) => { if (!made.has(key)) made.set(key, make(key)); return made.get(key); };
  };
  const load = (name) => {
    const widget = globalThis.courseWidgets?.[name];
    if (!widget) throw new Error(`the book has no code for the widget ${name}`);
    return typeof widget === "function" ? widget() : widget;  // as anywidget takes it
  };
  const read = (type) => [...document.querySelectorAll(`script[type="application/vnd.jupyter.${type}+json"]`)]
    .map((tag) => ({ tag, content: JSON.parse(tag.textContent) }));

  const sorry = (el, error) => {
    el.replaceChildren(Object.assign(document.createElement("p"), {
      className: "course-widget-failed",
      textContent: "This interactive element could not start here; the text around it holds its main numbers.",
    }));
    console.error(error);
  };

  async function start() {
    const states = Object.assign({}, ...read("widget-state").map(({ content }) => content.state));
    const model = once(async (id) => {
      const { model_module: module, model_name: name, state } = states[id] ?? {};
      if (module !== "anywidget") throw new Error(`the book cannot run the widget ${name ?? id}`);
      const made = new Model(state), widget = load(state._esm);
      await widget.initialize?.({ model: made });
      return { made, widget };
    });
    await Promise.all(read("widget-view").map(async ({ tag, content }) => {
      const el = Object.assign(document.createElement("div"), { className: "course-widget" });
      tag.after(el);
      try {
        const { made, widget } = await model(content.model_id);
        await widget.render({ model: made, el });
      } catch (error) { sorry(el, error); }
    }));
    document.documentElement.dataset.courseWidgets = "ready";
    // the widgets have moved what the address points to
    if (scrollY === landed) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }

  // Paper is light, whatever the screen is. The charts draw themselves again at the same event, after this (shared.js).
  let screenTheme = null;
  addEventListener("beforeprint", () => { screenTheme = document.documentElement.dataset.theme; document.documentElement.dataset.theme = "light"; });
  addEventListener("afterprint", () => { if (screenTheme) document.documentElement.dataset.theme = screenTheme; screenTheme = null; });

  let landed = 0;
  const begin = () => { landed = scrollY; start(); };
  begin();  // deferred: the document is parsed and the widgets' code has run
})();
