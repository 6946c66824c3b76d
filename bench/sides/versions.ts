import { z } from "zod";

import { measureProcess } from "./measured-process.ts";

const script = `
import json, platform, joblib, numpy, pandas, sklearn, xgboost
modules = {"joblib": joblib, "numpy": numpy, "pandas": pandas, "scikit-learn": sklearn, "xgboost": xgboost}
print(json.dumps({"python": platform.python_version(), **{name: m.__version__ for name, m in modules.items()}}))`;

/** Of the peer's parts. */
export async function peerVersions(python: string): Promise<Record<string, string>> {
  const { stdout } = await measureProcess({ program: python, words: ["-c", script], env: process.env });
  return z.record(z.string(), z.string()).parse(JSON.parse(stdout));
}
