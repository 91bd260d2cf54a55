package httpd

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The close codes of graphql-transport-ws. Clients come back after closeForbidden and closeInitTimeout only.
const (
	closeInvalid      = 4400
	closeUnauthorized = 4401
	closeForbidden    = 4403
	closeSubprotocol  = 4406
	closeInitTimeout  = 4408
	closeDuplicate    = 4409
	closeTooManyInits = 4429
)

// maxID is the longest operation id in bytes: it is held, and sent with every message.
const maxID = 256

// message is what a client sends.
type message struct {
	kind    string
	id      string
	payload json.RawMessage // an object, or nothing
}

// decodeMessage reads a message and refuses what no client of the protocol sends; the error is the close reason.
func decodeMessage(raw []byte) (message, error) {
	var m message
	entries, err := object(raw)
	if err != nil {
		return m, err
	}
	if decodeParam("type", entries["type"], &m.kind) != nil || m.kind == "" {
		return m, errors.New("type must be a string")
	}
	if payload := entries["payload"]; len(payload) > 0 && string(payload) != "null" {
		if payload[0] != '{' {
			return m, errors.New("payload must be a JSON object")
		}
		m.payload = payload
	}
	switch m.kind {
	case "connection_init", "ping", "pong":
		return m, nil
	case "subscribe", "complete":
		if decodeParam("id", entries["id"], &m.id) != nil || m.id == "" || len(m.id) > maxID {
			return m, fmt.Errorf("id must be a string of 1 to %d bytes", maxID)
		}
		return m, nil
	default:
		return m, errors.New("the type of the message is unknown")
	}
}

// decodeInit reads the credential from the payload of connection_init. Names are compared ignoring case, as those of
// the headers they stand for.
func decodeInit(payload json.RawMessage) (Credential, error) {
	var cred Credential
	if payload == nil {
		return cred, nil
	}
	entries, err := object(payload)
	if err != nil {
		return cred, err
	}
	for name, raw := range entries {
		var value string
		switch strings.ToLower(name) {
		case "authorization":
			err = decodeParam("Authorization", raw, &value)
			cred.Bearer = bearer(value)
		case "x-api-key":
			err = decodeParam("X-API-Key", raw, &value)
			cred.APIKey = value
		}
		if err != nil {
			return Credential{}, err
		}
	}
	return cred, nil
}

// The messages of a server. A `next` and an `error` are a prefix, the payload's own bytes, and end: the payload is
// shared between sockets and never copied.
var (
	connectionAck = []byte(`{"type":"connection_ack"}`)
	pong          = []byte(`{"type":"pong"}`)
	end           = []byte(`}`)
)

func pongWith(payload json.RawMessage) []byte {
	if payload == nil {
		return pong
	}
	return append(append([]byte(`{"type":"pong","payload":`), payload...), '}')
}

func nextPrefix(id string) []byte  { return opening(id, "next", `,"payload":`) }
func errorPrefix(id string) []byte { return opening(id, "error", `,"payload":`) }
func completion(id string) []byte  { return opening(id, "complete", `}`) }

func opening(id, kind, rest string) []byte {
	quoted, _ := json.Marshal(id) // a string always marshals
	return fmt.Appendf(make([]byte, 0, len(quoted)+len(kind)+len(rest)+16), `{"id":%s,"type":"%s"%s`, quoted, kind, rest)
}
