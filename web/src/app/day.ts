/** The first and the last day that one may choose. A year that is half typed is before them. */
export const days = { min: '1000-01-01', max: '9999-12-31' };

/** isDay tells whether a day, or none, was chosen in full. */
export const isDay = (text: string) => text === '' || /^[1-9]\d{3}-\d\d-\d\d$/.test(text);
