import type { Place } from './detection.ts';

/** An error keeps a rule from being used; a warning does not. The message says what would be right. */
export interface RuleProblem {
  level: 'error' | 'warning';
  line: number;
  column: number;
  message: string;
}

/** Collects problems, so that one reading of a rule tells all of them. Capped: a broken 1 MB file has too many to read. */
export class ProblemList {
  readonly problems: RuleProblem[] = [];
  private readonly max = 200;

  error(place: Place, message: string): void {
    this.add('error', place, message);
  }

  warn(place: Place, message: string): void {
    this.add('warning', place, message);
  }

  hasErrors(): boolean {
    return this.problems.some((problem) => problem.level === 'error');
  }

  private add(level: RuleProblem['level'], place: Place, message: string): void {
    // An error is always kept: a rule must never pass because warnings filled the list.
    if (this.problems.length >= this.max && (level === 'warning' || this.hasErrors())) return;
    this.problems.push({ level, line: place.line, column: place.column, message });
  }
}
