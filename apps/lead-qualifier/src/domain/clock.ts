/** What time it is; tests give another one. */
export class Clock {
  now(): Date {
    return new Date();
  }
}
