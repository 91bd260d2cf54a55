package rest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/server/fault"
)

// maxBody is the size of a body in bytes.
const maxBody = 5_000_000

// decode reads a JSON object into a struct, strictly: the media type, one value, no unknown field, no other type.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return fault.New(fault.ValidationFailed, "the body must be application/json")
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err = d.Decode(into)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			return fault.New(fault.ValidationFailed, "the body must be one JSON object")
		}
		return nil
	}
	return unread(err)
}

// unread says why a text is not the JSON object that was asked for.
func unread(err error) error {
	if f := fault.Of(err); f != nil {
		return f
	}
	if err == nil {
		return fault.New(fault.ValidationFailed, "is not a JSON object")
	}
	var wrong *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		return fault.At(strings.Trim(name, `"`), fault.UnknownField, "there is no field %s", name)
	case errors.As(err, &wrong) && wrong.Field != "":
		return fault.At(wrong.Field, fault.ValidationFailed, "must not be a %s", wrong.Value)
	}
	return fault.New(fault.ValidationFailed, "the body is not a JSON object that can be read")
}

// query reads the parameters of an address, refusing those that are not named here and those given twice.
func query(r *http.Request, names ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.ValidationFailed, "the query string cannot be read")
	}
	p := &fault.Problems{}
	for name, values := range q {
		switch {
		case !slices.Contains(names, name):
			return nil, fault.At(name, fault.UnknownField, "there is no parameter %q", name)
		case len(values) > 1:
			p.Add(name, "is given %d times", len(values))
		}
	}
	return q, p.Err()
}
