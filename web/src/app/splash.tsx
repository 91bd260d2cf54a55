import css from './splash.module.css';

/** The product's sign: three columns of a board. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="var(--on-accent)">
        <rect x="7" y="8" width="5" height="11" rx="2" />
        <rect x="13.5" y="8" width="5" height="16" rx="2" opacity=".75" />
        <rect x="20" y="8" width="5" height="8" rx="2" opacity=".5" />
      </g>
    </svg>
  );
}

/** Splash stands while it is not known yet what to show. */
export function Splash({ text }: { text: string }) {
  return (
    <div className={css.splash} role="status">
      <Mark size={40} />
      <span className="hidden-visually">{text}</span>
    </div>
  );
}
