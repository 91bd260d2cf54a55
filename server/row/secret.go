package row

import "time"

// Secret is what can be told of a stored secret: never the secret itself.
type Secret struct {
	// Name is PARTNER_KEY or SALESCHAT_KEY.
	Name       string       `json:"name"`
	Configured bool         `json:"configured"`
	Last4      *string      `json:"last4"`
	SetAt      *time.Time   `json:"set_at"`
	SetBy      *Actor       `json:"set_by"`
	LastCheck  *SecretCheck `json:"last_check"`
}

// SecretCheck is when a secret was last tried where it is used, and what came of it.
type SecretCheck struct {
	At     time.Time `json:"at"`
	Result string    `json:"result"`
}
