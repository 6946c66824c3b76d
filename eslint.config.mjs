import jest from "eslint-plugin-jest";
import prettier from "eslint-config-prettier";
import ts from "typescript-eslint";
export default ts.config(
  { ignores: ["node_modules", "dist", "coverage", "**/*.cjs", "**/*.mjs"] },
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ["error", 10],
      "max-params": ["error", 4],
      "max-lines-per-function": ["error", 60],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  { files: ["test/**"], ...jest.configs["flat/recommended"] },
  prettier,
);
