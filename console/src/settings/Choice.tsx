/** One of a few, each a button. */

interface ChoiceProps {
  name: string;
  label: string;
  options: [string, string][];
  value: string;
  choose: (value: string) => void;
}

export function Choice({ name, label, options, value, choose: chosen }: ChoiceProps) {
  return (
    <fieldset class="setting">
      <legend>{label}</legend>
      {options.map(([option, title]) => (
        <label key={option}>
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => chosen(option)} />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}
