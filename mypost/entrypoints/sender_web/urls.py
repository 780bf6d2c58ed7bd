"""The pages of the sender's console."""

from django.urls import path

from mypost.entrypoints.sender_web import (
    checking,
    consignments,
    keys,
    letters,
    members,
    organisation,
    start,
    topics,
    writing,
)

app_name = "sender_web"

urlpatterns = [
    path("", start.start, name="start"),
    path("running", start.running, name="running"),
    path("more", start.more, name="more"),
    # Writing a letter: text, recipients, then the check
    path("letters/new", writing.new_letter, name="new_letter"),
    path("letters/new/<uuid:consignment_id>/text", writing.text, name="text"),
    path("letters/new/<uuid:consignment_id>/recipients", writing.recipients, name="recipients"),
    # Letters that were sent
    path("letters", letters.list_letters, name="letters"),
    path("letters/<uuid:letter_id>", letters.show_letter, name="letter"),
    path("letters/<uuid:letter_id>/receipt", letters.receipt, name="receipt"),
    # Consignments
    path("consignments", consignments.list_consignments, name="consignments"),
    path("consignments/new", consignments.new_consignment, name="new_consignment"),
    path("consignments/<uuid:consignment_id>", consignments.show_consignment, name="consignment"),
    path("consignments/<uuid:consignment_id>/progress", consignments.progress, name="progress"),
    path("consignments/<uuid:consignment_id>/results.csv", consignments.results, name="results"),
    path("consignments/<uuid:consignment_id>/check", checking.check, name="check"),
    path("consignments/<uuid:consignment_id>/files", checking.add_files, name="add_files"),
    path("consignments/<uuid:consignment_id>/send", checking.send, name="send"),
    path("consignments/<uuid:consignment_id>/discard", checking.discard, name="discard"),
    # Members, and the sender itself
    path("members", members.list_members, name="members"),
    path("members.csv", members.download, name="members_csv"),
    path("topics", topics.list_topics, name="topics"),
    path("topics/new", topics.new_topic, name="new_topic"),
    path("topics/<uuid:topic_id>", topics.change_topic, name="topic"),
    path("developers", keys.list_keys, name="keys"),
    path("developers/keys/new", keys.new_key, name="new_key"),
    path("developers/keys/<uuid:key_id>/end", keys.end_key, name="end_key"),
    path("organisation", organisation.show_organisation, name="organisation"),
]
