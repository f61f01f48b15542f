import type { Role } from "../../generated/Role";

export const roles: Role[] = ["contributor", "member", "leadership", "treasurer", "teller"];
