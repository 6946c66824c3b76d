import { libraryVersion } from "../../trainer/xgboost/library.ts";

/** Python versions for which every pinned package has a wheel, best first. */
export const pythonVersions = ["3.12", "3.13"] as const;

/**
 * The XGBoost versions that must read our files, and where each comes from; all share requirements.txt. Wheels
 * without CUDA exist since 2.1.1, and dependencies are left out: libraries for GPUs.
 */
export const xgboostPins: Readonly<Record<string, string>> = {
  "1.7.6": "xgboost==1.7.6",
  "2.1.4": "xgboost-cpu==2.1.4",
  "3.1.3": "xgboost-cpu==3.1.3",
  [libraryVersion]: `xgboost-cpu==${libraryVersion}`,
};
