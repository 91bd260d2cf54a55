package fault

import "fmt"

// Problems gathers everything that is wrong with an input, so that a caller learns it all at once.
type Problems struct{ list []Detail }

// Add notes a broken rule of a field.
func (p *Problems) Add(field, format string, args ...any) {
	p.AddCode(field, ValidationFailed, format, args...)
}

// AddCode notes a broken rule that has a code of its own.
func (p *Problems) AddCode(field string, code Code, format string, args ...any) {
	p.list = append(p.list, Detail{field, code, fmt.Sprintf(format, args...)})
}

// Take notes the details of a refusal, under its own field or the one given.
func (p *Problems) Take(field string, err error) {
	f := Of(err)
	if f == nil {
		return
	}
	p.AddCode(field, f.Kind, "%s", f.Message)
}

// Err is nil when nothing is wrong. A single problem gives its own code, several give VALIDATION_FAILED.
func (p *Problems) Err() error {
	switch len(p.list) {
	case 0:
		return nil
	case 1:
		d := p.list[0]
		return &Fault{Kind: d.Code, Message: d.Field + ": " + d.Message, Details: p.list}
	}
	return &Fault{Kind: ValidationFailed, Message: fmt.Sprintf("%d values are not acceptable", len(p.list)), Details: p.list}
}
