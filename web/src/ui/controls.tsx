import { useId, type ComponentProps, type ReactNode } from 'react';
import css from './ui.module.css';

export function cx(...names: (string | false | null | undefined)[]) {
  return names.filter(Boolean).join(' ');
}

type ButtonProps = ComponentProps<'button'> & { look?: 'plain' | 'primary' | 'danger' | 'quiet'; icon?: boolean };

/** Button is of type button unless told; with `icon` it is square and needs an aria-label. */
export function Button({ look = 'plain', icon, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={cx(css.button, look !== 'plain' && css[look], icon && css.icon, className)} {...rest} />;
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  wrong?: ReactNode;
}

/** Field names a control, explains it, and says what is wrong with it, for eyes and for screen readers. */
export function Field({ label, hint, wrong, id, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {children}
      {hint && !wrong && (
        <p className={css.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p className={css.wrong} id={`${id}-hint`} role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

export function useControl({ hint, wrong }: Omit<FieldProps, 'label'>) {
  const id = useId();
  return { id, 'aria-invalid': wrong ? true : undefined, 'aria-describedby': hint || wrong ? `${id}-hint` : undefined };
}

export function TextField({ label, hint, wrong, className, ...rest }: FieldProps & ComponentProps<'input'>) {
  const control = useControl({ hint, wrong });
  return (
    <Field {...{ label, hint, wrong }} id={control.id}>
      <input className={cx(css.input, className)} {...control} {...rest} />
    </Field>
  );
}

export function TextArea({ label, hint, wrong, className, ...rest }: FieldProps & ComponentProps<'textarea'>) {
  const control = useControl({ hint, wrong });
  return (
    <Field {...{ label, hint, wrong }} id={control.id}>
      <textarea className={cx(css.input, className)} {...control} {...rest} />
    </Field>
  );
}

export function SelectField({ label, hint, wrong, className, ...rest }: FieldProps & ComponentProps<'select'>) {
  const control = useControl({ hint, wrong });
  return (
    <Field {...{ label, hint, wrong }} id={control.id}>
      <select className={cx(css.input, className)} {...control} {...rest} />
    </Field>
  );
}

/** Select stands in a row of others, so its name is for screen readers only. */
export function Select({ className, ...rest }: ComponentProps<'select'> & { 'aria-label': string }) {
  return <select className={cx(css.input, className)} {...rest} />;
}

export function Badge({ tone, children, title }: { tone?: 'good' | 'warn' | 'bad' | 'accent'; children: ReactNode; title?: string }) {
  return (
    <span className={css.badge} data-tone={tone} title={title}>
      {children}
    </span>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className={css.kbd}>{children}</kbd>;
}

interface Face {
  name: string;
  firstName?: string;
  lastName?: string;
  avatarUrl?: string | null;
}

/** Avatar is decoration: whoever shows it says the name as well. */
export function Avatar({ of, size = 24 }: { of: Face; size?: number }) {
  const initials = ((of.firstName ?? of.name)[0] ?? '') + (of.lastName?.[0] ?? '');
  return (
    <span className={css.avatar} style={{ inlineSize: size, blockSize: size, fontSize: size * 0.4 }} data-initials={of.avatarUrl ? undefined : initials.toUpperCase()} aria-hidden>
      {of.avatarUrl && <img src={of.avatarUrl} alt="" loading="lazy" referrerPolicy="no-referrer" />}
    </span>
  );
}

export function Skeleton({ block, inline = '100%' }: { block: number | string; inline?: number | string }) {
  return <div className={css.skeleton} style={{ blockSize: block, inlineSize: inline }} aria-hidden />;
}
