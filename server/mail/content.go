package mail

import (
	"encoding/json"

	"github.com/rapidbott/tideboard/server/seal"
)

// purpose is the seal's.
const purpose = "mail"

// content is what is sealed of a mail.
type content struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
}

func sealContent(box *seal.Box, id string, c content) ([]byte, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return box.Seal(purpose, id, plain), nil
}

func openContent(box *seal.Box, id string, sealed []byte) (c content, err error) {
	plain, err := box.Open(purpose, id, sealed)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(plain, &c)
}
