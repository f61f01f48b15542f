// Where each kind is found. Filled by the list of kinds, which knows them; read by what the kinds are made of.
import type { Kind } from "../generated/Kind";

export const paths = new Map<Kind, string>();
