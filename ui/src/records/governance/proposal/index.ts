import { href } from "../../../router";
import { count, lines, moment, ref, simple, text, texts } from "../../simple";

/** Opened with a rule in the place of the decisions; here it is read as it was written. */
export const proposal = simple({
  kind: "proposal",
  path: "governance/proposals",
  links: (book, { id }) => [{ label: "decide.go", to: href(book, `decisions/${id}`), mark: "open-vote" }],
  fields: [
    text("title", { column: "minmax(14rem, 2fr)" }),
    lines("text"),
    text("rule", { column: "10rem" }),
    texts("options"),
    moment("opened", { column: "11rem" }),
    moment("closes", { column: "11rem" }),
    count("roll"),
    count("vetoers"),
    count("seconders"),
    ref("person", "person"),
    text("about_kind"),
    text("about", { mono: true }),
    texts("conflicts"),
    text("terms", { mono: true }),
  ],
});
