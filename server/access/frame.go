package access

import (
	"context"
	"net/url"
	"strings"

	"github.com/rapidbott/tideboard/server/store"
)

// FrameAncestors gives the sources of the header Content-Security-Policy: frame-ancestors for pages of a workspace, by the
// id that the partner knows it by: the origins of its setting access.embed_origins, or 'none'. What is no origin is left
// out.
func FrameAncestors(ctx context.Context, db *store.DB, partnerID string) (string, error) {
	if !within(partnerID, 64) {
		return "'none'", nil
	}
	t, err := tenantOf(ctx, db, partnerID)
	if err != nil || t == nil {
		return "'none'", err
	}
	var out []string
	for _, o := range t.settings.EmbedOrigins {
		if isOrigin(o) {
			out = append(out, o)
		}
	}
	if len(out) == 0 {
		return "'none'", nil
	}
	return strings.Join(out, " "), nil
}

// isOrigin tells whether a text is an origin as a browser writes it, over https or of the machine itself: nothing that
// would mean more to the header.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != text || strings.ContainsAny(text, "*;,' \t") {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}
