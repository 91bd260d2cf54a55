package wire

import "net/http"

// Credential is who asks.
type Credential struct {
	// Name is for accounts: the member's or the key's.
	Name string
	// MemberID is empty for an API key.
	MemberID string
	// SeesAll is false for a member who sees the records it owns and no others.
	SeesAll bool

	header, value string
}

// Session is the credential of a member's session token.
func Session(name, memberID, token string, seesAll bool) Credential {
	return Credential{Name: name, MemberID: memberID, SeesAll: seesAll, header: "Authorization", value: "Bearer " + token}
}

// Key is the credential of an API key.
func Key(key string) Credential {
	return Credential{Name: "the API key", SeesAll: true, header: "X-API-Key", value: key}
}

func (c Credential) apply(h http.Header) { h.Set(c.header, c.value) }

func (c Credential) initPayload() map[string]string { return map[string]string{c.header: c.value} }
