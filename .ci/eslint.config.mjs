// How the book's scripts are linted: node .ci/node_modules/eslint/bin/eslint.js --config .ci/eslint.config.mjs book
//
// A widget's module is several files that Python joins as text (book/courseware/widgets/base.py), so what one file declares, another
// uses. JOINED says which stand together; the names that a file may use, and those that others use of it, are read from the files.
import { readdirSync, readFileSync } from "node:fs";
import js from "@eslint/js";
import { Linter } from "eslint";
import globals from "globals";

const COURSE = "book/courseware/widgets", SUBJECT = "book/outsourcing/widgets";
const DRAWING = ["question", "kept", "practice", "artefact", ...readdirSync(`${COURSE}/kinds`).map((name) => `kinds/${name.replace(/\.js$/, "")}`)];
const JOINED = [
  ...[["figure"], ["kept", "course_progress"], [...DRAWING, "question_alone"], [...DRAWING, "review"]]
    .map((names) => names.map((name) => `${COURSE}/${name}.js`)),
  ...[["comparison"], ["cost"], ["growth"], ["scoring", "matrix_views", "matrix"], ["sorter"], ["staffing_queue", "staffing"], ["vintages_views", "vintages"]]
    .map((names) => [`${COURSE}/explorer.js`, ...names.map((name) => `${SUBJECT}/${name}.js`)]),
].map((files) => [`${COURSE}/shared.js`, ...files]);
const FILES = [...new Set(JOINED.flat())];

/** {declared, asked}: the names that a file declares at its top level, and those that it uses and does not declare */
function read(file) {
  const linter = new Linter();
  linter.verify(readFileSync(file, "utf8"), [{ languageOptions: { sourceType: "module" } }]);
  const scope = linter.getSourceCode()?.scopeManager.globalScope;  // none where it cannot be parsed: ESLint says so itself
  return {
    declared: [...scope?.childScopes[0].set.keys() ?? []],
    asked: scope?.through.map(({ identifier }) => identifier.name) ?? [],
  };
}

const SAID = Object.fromEntries(FILES.map((file) => [file, read(file)]));

/** `use`: what a file may use, the names that it finds wherever it is joined; `used`: what the files beside it use of it */
function shared(file) {
  const beside = JOINED.filter((joined) => joined.includes(file)).map((joined) => joined.filter((other) => other !== file));
  const found = beside.map((others) => others.flatMap((other) => SAID[other].declared));
  const asked = beside.flat().flatMap((other) => SAID[other].asked);
  return {
    use: found[0].filter((name) => found.every((names) => names.includes(name))),
    used: SAID[file].declared.filter((name) => asked.includes(name)),
  };
}

// a name left out of the rest of an object is used by that
const UNUSED = (...names) => ["error", { ignoreRestSiblings: true, varsIgnorePattern: `^(${names.join("|")})$` }];
const RULES = {
  "array-callback-return": "error",
  eqeqeq: ["error", "always", { null: "ignore" }],
  "no-constructor-return": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-promise-executor-return": "error",
  "no-script-url": "error",
  "no-self-compare": "error",
  "no-shadow": "error",
  "no-template-curly-in-string": "error",
  "no-unmodified-loop-condition": "error",
  "no-unreachable-loop": "error",
  "no-unused-expressions": "error",
  "no-unused-vars": UNUSED(),
  "no-use-before-define": ["error", { functions: false, variables: false }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "require-await": "error",
};

export default [
  { ignores: ["**/vendor/**", "**/*.min.js"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  { rules: RULES },
  { files: ["book/**/*.js"], languageOptions: { sourceType: "script", globals: globals.browser } },
  ...FILES.map((file) => {
    const { use, used } = shared(file);
    return {
      files: [file],
      languageOptions: { sourceType: "module", globals: Object.fromEntries(use.map((name) => [name, "readonly"])) },
      rules: { "no-unused-vars": UNUSED(...used) },
    };
  }),
];
