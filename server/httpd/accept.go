package httpd

import (
	"mime"
	"strconv"
	"strings"
)

// The media types a response can have (GraphQL over HTTP, "Media Types").
const (
	typeResponse = "application/graphql-response+json"
	typeJSON     = "application/json"
)

// negotiate chooses the media type of the response from the Accept headers (RFC 9110 section 12.5.1); empty when none
// will do. Without a wish, or with only a wildcard, it is application/json, which every client understands; a client
// that names both alike gets application/graphql-response+json, whose status can be trusted.
func negotiate(accept []string) string {
	line := strings.Join(accept, ",")
	if strings.TrimSpace(line) == "" {
		return typeJSON
	}
	response, plain := wish{}, wish{}
	for part := range strings.SplitSeq(line, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil || !isUTF8(params) {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		response.consider(media, typeResponse, q)
		plain.consider(media, typeJSON, q)
	}
	switch {
	case response.q <= 0 && plain.q <= 0:
		return ""
	case response.q != plain.q:
		if response.q > plain.q {
			return typeResponse
		}
		return typeJSON
	case response.exactness >= exact:
		return typeResponse
	default:
		return typeJSON
	}
}

// exact is the exactness of a range that names a type in full; wildcards have less.
const exact = 3

// wish is how much a client wants a type, by the most exact range that covers it.
type wish struct {
	exactness int
	q         float64
}

func (w *wish) consider(media, want string, q float64) {
	exactness := 0
	switch media {
	case want:
		exactness = exact
	case "application/*":
		exactness = 2
	case "*/*":
		exactness = 1
	}
	if exactness > w.exactness || exactness == w.exactness && exactness > 0 && q > w.q {
		*w = wish{exactness, q}
	}
}

// isUTF8 tells whether a media type's parameters leave the charset to us or name ours.
func isUTF8(params map[string]string) bool {
	charset, ok := params["charset"]
	return !ok || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
