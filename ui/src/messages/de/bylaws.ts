// The questions of the bylaws in German. English comes with them, from the host.
export const bylawsQuestions: Record<string, { question: string; gap: string; means: Record<string, string> }> = {
  tie: {
    question: "Was gilt bei Stimmengleichheit?",
    gap: "Das Framework verlangt mehr Ja als Nein oder die meisten Stimmen und sagt nicht, was bei gleich vielen geschieht.",
    means: { fails: "Bei Gleichstand ist nichts angenommen.", chair: "Bei Gleichstand entscheidet die Leitung." },
  },
  abstentions: {
    question: "Zählt eine Enthaltung zur Beteiligung?",
    gap: "Für eine Änderung der Ordnung muss die Hälfte der Berechtigten teilnehmen. Ob teilnimmt, wer sich enthält, steht nicht da.",
    means: { count: "Wer sich enthält, hat teilgenommen.", "do-not-count": "Nur wer mit Ja oder Nein stimmt, hat teilgenommen." },
  },
  turnout: {
    question: "Wie viele müssen an einer Änderung der Ordnung teilnehmen?",
    gap: "Genannt ist die Hälfte, aber nicht, ob genau die Hälfte reicht. Bei zehn Berechtigten entscheidet das, ob die fünfte oder die sechste Stimme nötig ist.",
    means: {
      "50": "Mindestens die Hälfte; genau die Hälfte reicht.",
      "51": "Mindestens 51 %; genau die Hälfte reicht nicht.",
      "67": "Mindestens 67 %.",
    },
  },
  "governance-voters": {
    question: "Wer stimmt über eine Änderung der Ordnung ab?",
    gap: "Über bindende Fragen und Phasen stimmen auch Beitragende ab. Für die Ordnung sind Mitglieder und Leitung genannt, und wer mit der Gemeinschaft gemeint ist, bleibt offen.",
    means: { members: "Mitglieder und Leitung.", all: "Beitragende, Mitglieder und Leitung." },
  },
  month: {
    question: "Wie lange ist eine Abstimmung von einem Monat offen?",
    gap: "Ein Monat hat 28 bis 31 Tage. Eine im Februar eröffnete Abstimmung wäre kürzer als andere.",
    means: { "31": "31 Tage.", "30": "30 Tage." },
  },
  grace: {
    question: "Wie lange nach dem Ende darf eine Stimme noch ankommen?",
    gap: "Wer offline abstimmt, dessen Stimme kann ankommen, wenn die Abstimmung vorbei ist. Stimmen, die unterwegs sind, kennt das Framework nicht.",
    means: {
      "72": "72 Stunden, wenn sie vor dem Ende abgegeben wurde.",
      "24": "24 Stunden, wenn sie vor dem Ende abgegeben wurde.",
      "0": "Gar nicht: Was am Ende nicht da ist, zählt nicht.",
    },
  },
  "membership-opens": {
    question: "Wer darf jemanden als Mitglied vorschlagen?",
    gap: "Das Framework sagt, wer darüber abstimmt, aber nicht, wer die Abstimmung verlangen darf.",
    means: { "anyone-involved": "Beitragende, Mitglieder und Leitung.", members: "Mitglieder und Leitung." },
  },
  veto: {
    question: "Wer legt gegen eine voreingenommene Frage Einspruch ein?",
    gap: "Die Leitung darf es. Ob eine Person reicht oder die meisten zustimmen müssen, steht nicht da.",
    means: {
      one: "Eine Person der Leitung; die Abstimmung läuft weiter, ihr Ergebnis zählt nicht.",
      nobody: "Niemand: Gegen eine voreingenommene Frage stimmt man mit Nein.",
    },
  },
};
