import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// What jsdom lacks of a browser, as far as the console asks for it.
HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};
window.scrollTo = () => undefined;

afterEach(cleanup);
