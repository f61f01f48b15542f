// The roles of a service, for records that name some of them.
import type { Role } from "../generated/Role";

export const ROLES: readonly Role[] = ["contributor", "member", "leadership", "treasurer", "teller"];
