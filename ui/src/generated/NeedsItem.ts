// Provisional: as the Rust side is to name it.

export type NeedsItem = {
/** Which thing: the end of the message key "needs.…". */
id: string, what: string,
/** What the message says: names, amounts ("412.35 EUR") and days (ISO 8601). */
args: Record<string, string | number>,
/** Where it is dealt with: the route below the service, such as "finance/to-pay?open=<id>". */
action: string,
/** Since when it waits (RFC 3339 or a day); nothing when it does not wait since a moment. */
since: string | null,
};
