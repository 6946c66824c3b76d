import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { decimal, percent } from "../format.ts";
import { first, frameOf, rowsOf, sorted, withShare } from "../frame.ts";
import { markup } from "../markup.ts";
import { barPlot } from "../plots/bars.ts";
import { beside, paragraph, section, type Chapter } from "../section.ts";
import { numbers, table } from "../table.ts";
import { featureWords } from "../words.ts";

const mostFeatures = 30;

/** What the final model leans on. */
export async function importance({ training }: TrainerReport): Promise<Chapter | undefined> {
  const features = training?.importance ?? [];
  if (features.length === 0) return undefined;
  const all = await frameOf(
    features.map(({ feature, gain }) => ({ feature, words: featureWords(feature), gain })),
  );
  const frame = first(sorted(withShare(all, "gain", "share"), "gain"), mostFeatures);
  const bars = rowsOf(frame).map(({ feature, share }) => ({
    label: String(feature),
    from: 0,
    to: Number(share),
    text: percent(Number(share)),
    colour: "candidate" as const,
  }));
  return section(
    "importance",
    "What the model leans on",
    paragraph(
      "Gain: how much a split on the feature lowers the training loss on average, and its share of all gains. It tells what the model uses, not what causes traffic.",
    ),
    beside(
      await barPlot(
        bars,
        "share of all gains, %",
        "Share of each feature in all gains, the same numbers as in the table",
      ),
      table(
        frame,
        [
          {
            key: "feature",
            head: "Feature",
            show: (feature, { words }) =>
              markup`<code>${feature ?? ""}</code><span class="sub">${words ?? ""}</span>`,
          },
          numbers("gain", "Gain", (value) => decimal(value, 0)),
          numbers("share", "Share", (value) => percent(value)),
        ],
        { caption: "Feature importance by gain, highest first", looks: ["heard", "dense"] },
      ),
    ),
  );
}
