/** What time it is; a class, so that tests can put another in its place. */
export class Clock {
  now(): Date {
    return new Date();
  }
}
