// Attachments of the fake host. Development and tests only.
import type { AttachmentInfo } from "../generated/AttachmentInfo";

type Args = Record<string, any>;
const hex = (text: string): string => {
  let hash = 11n;
  for (const char of text) hash = (hash * 1_000_003n + BigInt(char.codePointAt(0) ?? 0)) % (1n << 255n);
  return hash.toString(16).padStart(64, "0").slice(-64);
};

export class FakeAttachments {
  files: AttachmentInfo[] = [
    { sha256: "4b".repeat(32), size: 84_212, media_type: "application/pdf", state: "here", sealed: true, named: true },
    { sha256: "5c".repeat(32), size: null, media_type: null, state: "wanted", sealed: false, named: true },
  ];

  constructor(private changed: () => void) {}

  #add({ path, sealed }: Args): AttachmentInfo {
    const info: AttachmentInfo = { sha256: hex(path), size: 48_211, media_type: "application/pdf", state: "here", sealed, named: false };
    this.files = [...this.files.filter((one) => one.sha256 !== info.sha256), info];
    this.changed();
    return info;
  }
  #of({ sha256 }: Args): AttachmentInfo {
    const found = this.files.find((one) => one.sha256 === sha256);
    return found ?? { sha256, size: null, media_type: null, state: "wanted", sealed: false, named: true };
  }

  commands: Record<string, (args: Args) => unknown> = {
    attachment_add: (args) => this.#add(args),
    attachment_list: () => this.files,
    attachment_save: (args) => this.#of(args),
    attachment_fetch: (args) => {
      const asked = { ...this.#of(args), state: "coming" as const };
      this.files = [...this.files.filter((one) => one.sha256 !== asked.sha256), asked];
      this.changed();
      return asked;
    },
  };
}
