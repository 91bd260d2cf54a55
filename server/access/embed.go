package access

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/typeid"
)

const (
	// EmbedAudience is what an embed token names as its audience.
	EmbedAudience = "tideboard"
	// embedTerm is how long an embed token may be good, embedSkew by how much clocks may differ.
	embedTerm = 5 * time.Minute
	embedSkew = time.Minute
	// minSecret is the size of a secret in bytes: that of the hash (RFC 7518, section 3.2).
	minSecret = 32
	// maxToken bounds an embed token in bytes.
	maxToken = 8 << 10
	// maxScope bounds the pipelines that a token can name.
	maxScope = 100
)

// EmbedKeys are the secrets that embed tokens are signed with: the present one, and the one before while it is being
// replaced. Empty means that there is none.
type EmbedKeys struct{ secrets [][]byte }

// NewEmbedKeys takes the secrets, of which either may be empty. It fails for one that is shorter than 32 bytes.
func NewEmbedKeys(present, previous string) (EmbedKeys, error) {
	var k EmbedKeys
	for _, s := range []string{present, previous} {
		switch {
		case s == "":
		case len(s) < minSecret:
			return EmbedKeys{}, fmt.Errorf("the secret has %d bytes, it must have at least %d", len(s), minSecret)
		default:
			k.secrets = append(k.secrets, []byte(s))
		}
	}
	return k, nil
}

// On tells whether there is a secret.
func (k EmbedKeys) On() bool { return len(k.secrets) > 0 }

// EmbedClaims are what an embed token says.
type EmbedClaims struct {
	jwt.RegisteredClaims
	WorkspaceID string `json:"workspace_id"`
	Email       string `json:"email,omitempty"`
	Name        string `json:"name,omitempty"`
	// Role can give less than the member has, never more.
	Role string `json:"role,omitempty"`
	// Scope narrows the session.
	Scope json.RawMessage `json:"scope,omitempty"`
}

// EmbedScope is what a session is narrowed to.
type EmbedScope struct {
	PipelineIDs []string `json:"pipeline_ids,omitempty"`
	ReadOnly    bool     `json:"read_only,omitempty"`
}

func embedInvalid() *fault.Fault {
	return fault.New(fault.EmbedTokenInvalid, "the embed token is not valid")
}

// read checks everything about a token that can be checked without asking anybody. Whatever is wrong, the answer is the
// same, but for a token that is right in all and only too old.
func (k EmbedKeys) read(token string, now time.Time) (*EmbedClaims, *EmbedScope, error) {
	if !k.On() {
		return nil, nil, fault.New(fault.EmbedDisabled, "this deployment takes no embed tokens")
	}
	if len(token) > maxToken {
		return nil, nil, embedInvalid()
	}
	keys := jwt.VerificationKeySet{}
	for _, s := range k.secrets {
		keys.Keys = append(keys.Keys, s)
	}
	c := &EmbedClaims{}
	_, err := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired(),
		jwt.WithAudience(EmbedAudience), jwt.WithIssuedAt(), jwt.WithLeeway(embedSkew), jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(func() time.Time { return now })).
		ParseWithClaims(token, c, func(*jwt.Token) (any, error) { return keys, nil })
	expired := errors.Is(err, jwt.ErrTokenExpired)
	if err != nil && (!expired || others(err)) {
		return nil, nil, embedInvalid()
	}
	scope, ok := c.scope()
	if !ok || !c.sound() {
		return nil, nil, embedInvalid()
	}
	if expired {
		return nil, nil, fault.New(fault.EmbedTokenExpired, "the embed token has expired; ask for a new one")
	}
	return c, scope, nil
}

// others tells whether more is wrong with the claims than that they expired.
func others(err error) bool {
	for _, e := range []error{jwt.ErrTokenInvalidAudience, jwt.ErrTokenUsedBeforeIssued, jwt.ErrTokenNotValidYet, jwt.ErrTokenRequiredClaimMissing,
		jwt.ErrTokenMalformed, jwt.ErrTokenSignatureInvalid, jwt.ErrTokenUnverifiable, jwt.ErrTokenInvalidIssuer, jwt.ErrTokenInvalidSubject} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// sound checks the claims that the library does not.
func (c *EmbedClaims) sound() bool {
	if c.IssuedAt == nil || c.ExpiresAt == nil {
		return false
	}
	term := c.ExpiresAt.Sub(c.IssuedAt.Time)
	return term > 0 && term <= embedTerm && within(c.ID, 128) && within(c.Subject, 64) && within(c.WorkspaceID, 64)
}

func within(s string, most int) bool { return s != "" && len(s) <= most }

// scope reads the scope strictly: what is not understood must not widen a session. A list of no pipelines is refused, it
// could be taken for all.
func (c *EmbedClaims) scope() (*EmbedScope, bool) {
	s := &EmbedScope{}
	if len(c.Scope) == 0 || string(c.Scope) == "null" {
		return s, true
	}
	d := json.NewDecoder(bytes.NewReader(c.Scope))
	d.DisallowUnknownFields()
	if d.Decode(s) != nil || s.PipelineIDs != nil && len(s.PipelineIDs) == 0 || len(s.PipelineIDs) > maxScope {
		return nil, false
	}
	for _, id := range s.PipelineIDs {
		if !typeid.Is(typeid.Pipeline, id) {
			return nil, false
		}
	}
	return s, true
}

// Mint makes an embed token that is good for so long, with an id of its own.
func (k EmbedKeys) Mint(c EmbedClaims, scope *EmbedScope, now time.Time, term time.Duration) (string, error) {
	switch {
	case !k.On():
		return "", errors.New("there is no secret to sign with")
	case term <= 0 || term > embedTerm:
		return "", fmt.Errorf("an embed token is good for at most %s", embedTerm)
	}
	if scope != nil {
		text, err := json.Marshal(scope)
		if err != nil {
			return "", err
		}
		c.Scope = text
	}
	c.Audience, c.ID = jwt.ClaimStrings{EmbedAudience}, NewSecret("")
	c.IssuedAt, c.ExpiresAt = jwt.NewNumericDate(now), jwt.NewNumericDate(now.Add(term))
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(k.secrets[0])
}

// claimed reads the role that a token claims, in the partner's words or in ours.
func (t *tenant) claimed(word string) *viewer.Role {
	if word == "" {
		return nil
	}
	role := viewer.Role(word)
	if !viewer.IsRole(word) {
		role = t.roleOf(word)
		if planCode(word) == "owner" {
			role = viewer.Owner
		}
	}
	return &role
}

// narrower gives the claimed role where it is not more than the member's own; nil otherwise. One that is the same is kept
// too: the member may rise, the session does not.
func narrower(own viewer.Role, claimed *viewer.Role) *viewer.Role {
	if claimed == nil || !claimed.Below(own) && *claimed != own {
		return nil
	}
	return claimed
}

// spent is what is kept of a token's id.
func spent(workspaceID, jti string) string {
	sum := sha256.Sum256([]byte(workspaceID + "\x00" + jti))
	return hex.EncodeToString(sum[:])
}

// EmbedEntry is an embed token as a page hands it over.
type EmbedEntry struct{ Token, UserAgent string }
