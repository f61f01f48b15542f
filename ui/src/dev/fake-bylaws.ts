// Bylaws as the fake host makes them: two of the questions, and a text that says the answers.
import type { BylawsDraft } from "../generated/BylawsDraft";
import type { BylawsQuestion } from "../generated/BylawsQuestion";

export const fakeQuestions: BylawsQuestion[] = [
  {
    id: "tie", question: "What comes of a tie?", gap: "The framework does not say what happens when two options have the same number.",
    choices: [{ value: "fails", means: "A tie passes nothing." }, { value: "chair", means: "Leadership decides a tie." }],
  },
  {
    id: "grace", question: "How long may a ballot arrive after the close?", gap: "The framework knows no ballots that are under way.",
    choices: [{ value: "72", means: "72 hours, if it was cast before the close." }, { value: "0", means: "Not at all." }],
  },
];

export function fakeBylaws(answers: Record<string, string>, page: string | null): BylawsDraft {
  const said = fakeQuestions.map((one) => one.choices.find((choice) => choice.value === answers[one.id]) ?? one.choices[0]);
  const own = fakeQuestions.some((one) => (answers[one.id] ?? one.choices[0]?.value) !== one.choices[0]?.value);
  return {
    questions: fakeQuestions, text: `# How Harbor is governed\n\n${said.map((choice) => `- ${choice?.means}\n`).join("")}`,
    german: `# Wie Harbor geordnet ist\n\n**Dies ist eine Übersetzung. Es gilt allein der englische Text mit der SHA-256 \`${"3b".repeat(32)}\`.**\n`,
    sha256: "3b".repeat(32), rules: own ? [{ name: "membership", electorate: ["member"], method: "simple-majority" } as BylawsDraft["rules"][number]] : [],
    missing: ["Nobody is treasurer yet."], page,
  };
}
