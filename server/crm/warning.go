package crm

import "fmt"

// Warning tells of something that was decided for the caller and may not be what it meant; the command was done all the same.
type Warning struct {
	// Code is a WarningCode of the API.
	Code    string
	Message string
	// Field is the input field it is about, as in a refusal; nil when there is none.
	Field *string
}

// The codes of warnings.
const (
	ContactAmbiguous   = "CONTACT_AMBIGUOUS"
	ContactMismatch    = "CONTACT_MISMATCH"
	ContactNotSearched = "CONTACT_NOT_SEARCHED"
	ContactNotCreated  = "CONTACT_NOT_CREATED"
)

// warning makes a warning about a field.
func warning(code, field, format string, args ...any) *Warning {
	return &Warning{code, fmt.Sprintf(format, args...), &field}
}

// warn adds warnings to those of the transaction's command, which puts them into its payload.
func (tx *Tx) warn(ws ...*Warning) { tx.warnings = append(tx.warnings, ws...) }
