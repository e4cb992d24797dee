using UnityEngine;

namespace Motionwire.Samples
{
    /// <summary>A box on the screen: what is typed there, the character acts. Put it on an object with a MotionwireCharacter, or on an empty
    /// one: then it makes a figure of capsules.</summary>
    public sealed class PromptBox : MonoBehaviour
    {
        private MotionwireCharacter character;
        private string sentence = "a person waves with the right hand", said = "";

        private void Start()
        {
            character = GetComponent<MotionwireCharacter>();
            if (character == null)
            {
                var figure = new GameObject("Figure");
                var connection = gameObject.AddComponent<MotionwireConnection>();
                figure.transform.SetParent(transform, false);
                character = figure.AddComponent<MotionwireCharacter>();
                character.connection = connection;
                figure.AddComponent<MotionwireStickFigure>();
            }
            character.onActBegin.AddListener(OnBegin);
            character.onActEnd.AddListener(OnEnd);
            character.onActFailed.AddListener(OnFailed);
        }

        private void OnGUI()
        {
            GUILayout.BeginArea(new Rect(10, 10, Screen.width - 20, 60));
            GUILayout.BeginHorizontal();
            sentence = GUILayout.TextField(sentence);
            if (GUILayout.Button("Act")) said = character.Act(sentence) == 0 ? said : "asked";
            if (GUILayout.Button("Stop")) character.StopActing();
            GUILayout.EndHorizontal();
            GUILayout.Label(said);
            GUILayout.EndArea();
        }

        private void OnBegin(int act) { said = "acting"; }

        private void OnEnd(int act) { said = "done"; }

        private void OnFailed(string why) { said = why; }
    }
}
