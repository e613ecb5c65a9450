/*
 * rdns - what a router's name hints at: conventions of operators, and nothing that is
 * proved by them. Names go stale, and their owner may write what he likes; they break
 * ties between two networks that are both possible (R6), never more.
 *
 * Conventions: Luckie and others, "Learning to Extract and Use ASNs in Hostnames" (IMC
 * 2020), and the published traces through TransTeleCom, NTT and Arelion.
 */
#ifndef FAULTLINE_RDNS_H
#define FAULTLINE_RDNS_H

#include <stdbool.h>
#include <stdint.h>

enum rdns_role {
	RDNS_NOTHING,
	RDNS_CUSTOMER, /* "yandex-gw.transtelecom.net": at the customer's end */
	RDNS_CORE /* "ae-9-2.tcore1.nto-new-york.as6453.net": inside the network */
};

enum rdns_role rdns_role(const char *name);

/*
 * An AS number in the labels before the registered domain: "as4837-10g.provider.net".
 * 0 if there is none, or several.
 */
uint32_t rdns_asn(const char *name);

/*
 * Does a label before the registered domain hold the network's own name as a word of
 * its own? The first word of the name counts, if it has four letters or more and is not
 * one that thousands of networks share ("China", "Telecom", "Joint").
 */
bool rdns_mentions(const char *name, const char *network);

#endif
