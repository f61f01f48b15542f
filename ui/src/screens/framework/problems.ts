/** The keyboard goes on in the first field that is wrong, once it is marked. */
export function toFirstProblem(form: EventTarget | null): void {
  if (!(form instanceof HTMLElement)) return;
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
